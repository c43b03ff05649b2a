"""The portal's pages. They ask the portal's stories and show the answer; they work without script."""
