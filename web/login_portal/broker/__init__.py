"""Letters over MQTT 5: who may do what at the broker, the portal's line to it, and the files that set one up."""
