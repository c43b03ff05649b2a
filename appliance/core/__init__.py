"""What the device means: records, events, effects and rules, without any input or output."""
