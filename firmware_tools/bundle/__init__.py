"""Update bundles at the technician's bench: keys made in a ceremony, bundles built, signed and checked."""
