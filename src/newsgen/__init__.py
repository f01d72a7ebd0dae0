"""newsgen: article text in, a news site out."""

__version__ = "0.1.0"
