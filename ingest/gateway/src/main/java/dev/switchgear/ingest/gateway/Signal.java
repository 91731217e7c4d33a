package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;

/** One of OTLP's signals: where its requests go, and how they are read and answered. Stateless. */
interface Signal {

  String path();

  /** An empty request. */
  Message.Builder request();

  /** Makes records of a request. */
  void read(Message request, Intake intake);

  /** What its sender is answered once Kafka has the records. */
  Message response(Intake intake);
}
