"""How rows are read and written where many wait for it: in fewer statements and with less work than Django's ORM."""
