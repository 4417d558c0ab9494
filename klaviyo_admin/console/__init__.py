"""Any operation as a form: its schema as fields, what was typed as a request, and a request as words."""
