"""Papers for people: each is built once as a document of texts and tables, then written as HTML and as PDF."""
