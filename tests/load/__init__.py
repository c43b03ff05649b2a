"""Load on a portal: raw-protocol clients on one core, the portal on another, and a bare broker's echo beside them."""
