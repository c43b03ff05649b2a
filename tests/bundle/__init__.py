"""Update bundles: their form, who vouches for them, and the tool that makes them."""
