"""Applications that sign their people in through the portal: OpenID Connect, with a browser or from a kiosk."""
