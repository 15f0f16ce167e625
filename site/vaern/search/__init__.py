"""Search over every page of the site, what is searched in vain, and how addresses are told to search engines."""
