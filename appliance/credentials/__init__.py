"""What a scanned text becomes, and what proves it: pure, without any input or output."""
