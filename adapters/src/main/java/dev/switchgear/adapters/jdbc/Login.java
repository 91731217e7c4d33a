package dev.switchgear.adapters.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Whose connection it is to be, where the caller says. */
record Login(String user, String password) {

  Connection connect(DataSource pool) throws SQLException {
    return pool.getConnection(user, password);
  }

  @Override
  public String toString() {
    return "Login of " + user;
  }
}
