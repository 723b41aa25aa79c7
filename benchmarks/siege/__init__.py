"""A class under siege: what honest visitors wait while strangers send whatever they can."""
