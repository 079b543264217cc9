"""The sources of values and types in code: variables, parameters, states, the provider's schema."""
