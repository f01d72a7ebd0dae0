"""The work of a build's phases, here, in other processes or on other machines; each is imported when it is due."""
