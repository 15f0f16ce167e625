"""The look and the markup of the public site: form rendering, template tags, Danish formats, style sheet.

Imports nothing of ours. The markup itself stands in ``templates/components/`` and nowhere else.
"""
