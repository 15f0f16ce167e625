"""The Charter for demokratiske værdier: texts, partners, signatures (domain.md §6). Beside `courses`; empty so far."""
