"""The TAs' web page: marking by hand, over what `ottermark grade` wrote."""
