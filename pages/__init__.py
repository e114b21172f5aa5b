"""What people see: each page asks a use case and shows the answer. Rules and SQL are left to lead_store."""
