package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.detector.policy.PolicyException;
import dev.switchgear.detector.policy.PolicyRecords;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.streams.BadRecordException;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends policies that nobody can use to dead letters, once for all instances. Each instance follows
 * the topic by itself ({@link RunningPolicies}) and would tell again of what it refuses.
 */
final class PolicyDesk implements Processor<String, Policy, Void, Void> {

  private ProcessorContext<Void, Void> context;
  private Sensor refused;

  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  PolicyDesk() {}

  @Override
  public void init(ProcessorContext<Void, Void> given) {
    context = given;
    String task = given.taskId().toString();
    refused = given.metrics().addRateTotalSensor("policy-desk", task, "refused-policies", INFO);
  }

  @Override
  public void process(Record<String, Policy> record) {
    if (record.value() == null) {
      return;
    }
    try {
      PolicyRecords.read(record.key(), record.value());
    } catch (PolicyException e) {
      refused.record();
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    context.metrics().removeSensor(refused);
  }
}
