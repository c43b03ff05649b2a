"""Both carriers with everything real: portal, broker, network line that can be cut, and the device's courier."""
