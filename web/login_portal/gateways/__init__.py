"""How text messages and mail leave the portal, each behind `gateways.sender.Sender`. The outbox sends nothing."""
