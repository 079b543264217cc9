"""What gives code its values and types: variables, parameters, states, the provider's schema."""
