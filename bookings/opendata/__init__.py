"""What other systems may read: open dates as calendar and news feed, the catalogue as JSON and CSV."""
