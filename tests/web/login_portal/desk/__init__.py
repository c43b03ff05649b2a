"""The service desk: roles, every act and its entry in the audit trail, imports, and the pages."""
