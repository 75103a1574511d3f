"""Pages and tables made from results: class report, feedback pages, gradebooks."""
