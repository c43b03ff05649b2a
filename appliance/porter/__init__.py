"""The porter speaks TLS with browsers and hands what they say to the page; it alone has the page's key."""
