"""The database of the workspace: engine, tables, editing with its audit trail."""
