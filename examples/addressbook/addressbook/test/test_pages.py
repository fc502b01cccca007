"""
Tests of the pages, without a browser.
"""

from twisted.trial.unittest import TestCase

from athenalite import athena, loaders, tags
from athenalite.testutil import FakeRequest, renderLivePage, renderPage

from addressbook.model import Book
from addressbook.pages import BookPage, PeopleFragment, PersonFragment, RootPage


class PageTests(TestCase):
    """
    Tests of the pages.
    """
    def setUp(self):
        self.book = Book(u'Charles')
        self.person = self.book.add(u'Ada Lovelace', u'1')

    def test_front(self):
        """
        The front page links to the book.
        """
        d = renderPage(RootPage(self.book))
        d.addCallback(lambda html: self.assertTrue('href="/book/"' in html and 'Charles' in html, html))
        return d

    def test_book(self):
        """
        The page has the people, and their letters.
        """
        def check(html):
            for text in ('Address book of Charles', 'Ada Lovelace', '<strong>A</strong> 1'):
                self.assertTrue(text in html, html)
        return renderLivePage(BookPage(self.book), reqFactory=FakeRequest).addCallback(check)

    def test_add(self):
        """
        A person who is added is an element for the browser.
        """
        people = PeopleFragment(self.book)
        added = people.add(u'Grace Hopper', u'5')
        self.assertTrue(isinstance(added, PersonFragment))
        self.assertTrue(added.fragmentParent is people)
        self.assertEqual(added.getInitialArguments(), (u'Grace Hopper',))

    def test_remove(self):
        """
        A person who is removed leaves the book and the browser.
        """
        called = []
        fragment = PersonFragment(self.book, self.person)
        fragment.detach = lambda: called.append('detach')
        fragment.remove()
        self.assertEqual(self.book.people(), [])
        self.assertEqual(called, ['detach'])

    def test_phone(self):
        """
        Somebody may have no telephone.
        """
        fragment = PersonFragment(self.book, self.book.add(u'Plato', u''))
        page = athena.LivePage(docFactory=loaders.stan(
            [tags.xml('<!DOCTYPE html>'),
             tags.html[tags.head(render=tags.directive('liveglue')), tags.body[fragment]]]))
        fragment.setFragmentParent(page)
        d = renderLivePage(page)
        d.addCallback(lambda html: self.assertTrue('<em>none</em>' in html, html))
        return d
