"""The whole story, unattended: a real browser, real processes, a virtual camera and the edges of a virtual button.

It drives the product only as a person could: pages in the browser, and the bench API as eyes and hands.
"""
