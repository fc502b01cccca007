# -*- test-case-name: tests.live.test_sentences -*-
"""
Sentences for people about what they have typed: what is refused, by its kind, in three languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ENGLISH: Final = MappingProxyType(
    {
        "missing": "Please fill in this field.",
        "integer": "Please enter a whole number.",
        "number": "Please enter a number.",
        "date": "Please enter a date.",
        "time": "Please enter a time.",
        "datetime": "Please enter a date and a time.",
        "choice": "Please choose one of the values.",
        "least": "Please enter {value} or more.",
        "most": "Please enter {value} or less.",
        "multiple": "Please enter a multiple of {value}.",
        "shortest": "Please enter at least {value} characters.",
        "longest": "Please enter at most {value} characters.",
        "other": "Please enter another value.",
        "file": "Please choose a file.",
        "count": "Please choose at most {value} of them.",
        "size": "This file is too large: {value} is the most.",
        "type": "Files of this kind are not accepted, but only {value}.",
        "room": "The server has no room for this file now. Please try again later.",
        "incomplete": "The file was not sent completely. Please send it again.",
    }
)
_GERMAN: Final = MappingProxyType(
    {
        "missing": "Bitte füllen Sie dieses Feld aus.",
        "integer": "Bitte geben Sie eine ganze Zahl ein.",
        "number": "Bitte geben Sie eine Zahl ein.",
        "date": "Bitte geben Sie ein Datum ein.",
        "time": "Bitte geben Sie eine Uhrzeit ein.",
        "datetime": "Bitte geben Sie Datum und Uhrzeit ein.",
        "choice": "Bitte wählen Sie einen der Werte.",
        "least": "Bitte geben Sie mindestens {value} ein.",
        "most": "Bitte geben Sie höchstens {value} ein.",
        "multiple": "Bitte geben Sie ein Vielfaches von {value} ein.",
        "shortest": "Bitte geben Sie mindestens {value} Zeichen ein.",
        "longest": "Bitte geben Sie höchstens {value} Zeichen ein.",
        "other": "Bitte geben Sie einen anderen Wert ein.",
        "file": "Bitte wählen Sie eine Datei.",
        "count": "Bitte wählen Sie höchstens {value} davon.",
        "size": "Diese Datei ist zu groß: {value} sind das Höchste.",
        "type": "Dateien dieser Art werden nicht angenommen, sondern nur {value}.",
        "room": "Der Server hat zur Zeit keinen Platz für diese Datei. Bitte versuchen Sie es später noch einmal.",
        "incomplete": "Die Datei wurde nicht vollständig gesendet. Bitte senden Sie sie noch einmal.",
    }
)
_FRENCH: Final = MappingProxyType(
    {
        "missing": "Veuillez remplir ce champ.",
        "integer": "Veuillez saisir un nombre entier.",
        "number": "Veuillez saisir un nombre.",
        "date": "Veuillez saisir une date.",
        "time": "Veuillez saisir une heure.",
        "datetime": "Veuillez saisir une date et une heure.",
        "choice": "Veuillez choisir une des valeurs.",
        "least": "Veuillez saisir {value} ou plus.",
        "most": "Veuillez saisir {value} ou moins.",
        "multiple": "Veuillez saisir un multiple de {value}.",
        "shortest": "Veuillez saisir au moins {value} caractères.",
        "longest": "Veuillez saisir au plus {value} caractères.",
        "other": "Veuillez saisir une autre valeur.",
        "file": "Veuillez choisir un fichier.",
        "count": "Veuillez en choisir au plus {value}.",
        "size": "Ce fichier est trop grand : {value} au plus.",
        "type": "Les fichiers de ce type ne sont pas acceptés, mais seulement {value}.",
        "room": "Le serveur n’a pas de place pour ce fichier en ce moment. Veuillez réessayer plus tard.",
        "incomplete": "Le fichier n’a pas été envoyé entièrement. Veuillez l’envoyer à nouveau.",
    }
)
#: The sentences by language and kind.
SENTENCES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH})

#: What msgspec says of a constraint, and the kind of it. https://jcristharif.com/msgspec/constraints.html
_CONSTRAINTS: Final = (
    (re.compile(r" of length >= (\d+)"), "shortest"),
    (re.compile(r" of length <= (\d+)"), "longest"),
    (re.compile(r" >= (\S+)"), "least"),
    (re.compile(r" <= (\S+)"), "most"),
    (re.compile(r" > (\S+)"), "least"),
    (re.compile(r" < (\S+)"), "most"),
    (re.compile(r" multiple of (\S+)"), "multiple"),
    (re.compile(r"encoded datetime()"), "datetime"),
    (re.compile(r"encoded date()"), "date"),
    (re.compile(r"encoded time()"), "time"),
    (re.compile(r"Invalid enum value()"), "choice"),
)


class Refused(ValueError):
    """
    A text is not what is annotated.

    :ivar kind: of a sentence.
    :ivar value: the bound that it is about, or an empty text.
    """

    def __init__(self, kind: str, value: str = "") -> None:
        super().__init__(kind, value)
        self.kind = kind
        self.value = value

    @classmethod
    def of(cls, text: str) -> Refused:
        """
        :param text: that of msgspec's error.
        """
        for pattern, kind in _CONSTRAINTS:
            found = pattern.search(text)
            if found:
                # A text of no characters is none.
                return cls("missing") if (kind, found[1]) == ("shortest", "1") else cls(kind, found[1])
        return cls("other")

    def sentence(self, language: str = "en", own: Mapping[str, str] = MappingProxyType({})) -> str:
        """
        :param language: of the page (:rfc:`5646`).
        :param own: an application's own sentences, with keys as ``field-missing``.
        :return: a sentence for the person.
        """
        table = SENTENCES.get(language.lower().partition("-")[0], _ENGLISH)
        text = own.get(f"field-{self.kind}", table[self.kind])
        return text.replace("{value}", self.value)
