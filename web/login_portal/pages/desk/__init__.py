"""The pages of the service desk: thin, every act is judged and written down by `service_desk` and its neighbours."""
