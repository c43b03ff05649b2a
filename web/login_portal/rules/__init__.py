"""What the portal means: pure rules over frozen records. No Flask, no SQL, no clock; time is always passed in."""
