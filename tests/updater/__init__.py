"""The updater: slots, the guard, the engine, and the power cuts they must stand."""
