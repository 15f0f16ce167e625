"""What is wrong with a page's content: pure rules, how they get at the text, and the look-ups they need."""
