"""Texts: what accounts write from one mould, and where their texts lead; compared in normal form, shown as they came.

In: texts with authors and times. Out: templates with their worth, skeletons, contact tokens.
"""

from graphscan.texts.contacts import contacts_of, mask_contact
from graphscan.texts.giving import Contacts, find_contacts
from graphscan.texts.skeletons import Parts, Skeletons, find_skeletons
from graphscan.texts.templates import Templates, find_templates

__all__ = [
    "Contacts",
    "Parts",
    "Skeletons",
    "Templates",
    "contacts_of",
    "find_contacts",
    "find_skeletons",
    "find_templates",
    "mask_contact",
]
