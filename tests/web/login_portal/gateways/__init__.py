"""The ways out: real wires to working stand-ins of a provider, a mail server and a modem."""
