"""TechStart's estate: part well kept, part not, as in a company of 45 people that grew fast."""
