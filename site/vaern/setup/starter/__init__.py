"""The texts that a municipality begins with, in Danish and English; `manage.py load_starter` writes them."""
