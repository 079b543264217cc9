"""The blocks of a root module and the resources of a template, each judged."""
