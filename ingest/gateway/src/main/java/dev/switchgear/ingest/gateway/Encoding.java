package dev.switchgear.ingest.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two encodings of OTLP over HTTP. An answer is encoded as its request was. */
enum Encoding {
  PROTOBUF("application/x-protobuf") {
    @Override
    Message parse(byte[] body, Message.Builder into) {
      try {
        return into.mergeFrom(body).build();
      } catch (InvalidProtocolBufferException e) {
        throw new RequestException(Refusal.MALFORMED, "Not protobuf: " + e.getMessage());
      }
    }

    @Override
    ByteString write(Message message) {
      return message.toByteString();
    }

    @Override
    ByteString status(int code, String message) {
      ByteString.Output bytes = ByteString.newOutput();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      try {
        out.writeInt32(STATUS_CODE_FIELD, code);
        out.writeString(STATUS_MESSAGE_FIELD, message);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteString();
    }
  },

  JSON("application/json") {
    @Override
    Message parse(byte[] body, Message.Builder into) {
      return OtlpJson.parse(body, into);
    }

    @Override
    ByteString write(Message message) {
      return OtlpJson.write(message);
    }

    @Override
    ByteString status(int code, String message) {
      return OtlpJson.status(code, message);
    }
  };

  // Of google.rpc.Status.
  private static final int STATUS_CODE_FIELD = 1;
  private static final int STATUS_MESSAGE_FIELD = 2;

  private final String contentType;

  Encoding(String contentType) {
    this.contentType = contentType;
  }

  /** By the value of the header, without its parameters; null if it is neither. */
  static @Nullable Encoding of(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.replaceFirst(";.*", "").strip();
    for (Encoding each : values()) {
      if (each.contentType.equals(type.toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    return null;
  }

  String contentType() {
    return contentType;
  }

  /** Decodes a request; throws {@link RequestException} if it is malformed. */
  abstract Message parse(byte[] body, Message.Builder into);

  abstract ByteString write(Message message);

  /** A {@code google.rpc.Status}. */
  abstract ByteString status(int code, String message);
}
