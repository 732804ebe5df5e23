"""One open page: turns what its visitor wants into acts of the cast."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bot.local.membership import ImpossibleAct
from bot.local.refusals import Refusal

if TYPE_CHECKING:
    from bot.local.acts import Acts
    from bot.local.chats import Chat
    from bot.local.people import Person
    from bot.local.queries import Query
    from bot.local.wire import JsonObject
    from bot.local.world import World

_QUERIES_KEPT: Final = 20

Act = Callable[["Person", "Chat", "JsonObject"], "JsonObject"]


class Visit:
    """The acts of one page. It remembers the inline questions it asked, to choose from their answers."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts
        self._asked: dict[str, Query] = {}
        self._known: dict[str, Act] = {
            "say": self._say,
            "edit": self._edit,
            "delete": self._delete,
            "press": self._press,
            "ask": self._ask,
            "choose": self._choose,
            "block": self._block,
            "unblock": self._unblock,
            "kick": self._kick,
            "add": self._add,
            "promote": self._promote,
            "demote": self._demote,
            "grow": self._grow,
            "delete_account": self._delete_account,
            "delete_group": self._delete_group,
            "topic": self._topic,
            "forward": self._forward,
            "forward_post": self._forward_post,
            "react": self._react,
        }

    def act(self, wanted: JsonObject) -> JsonObject:
        """Do what the page wants; the answer carries its `ref`, and the reason where it could not be done."""
        answer: JsonObject = {"kind": "done", "ref": wanted.get("ref")}
        try:
            person = self._world.cast.person(wanted["person"])
            chat = self._world.chats[wanted["chat"]]
            answer |= self._known[wanted["act"]](person, chat, wanted)
        except (ImpossibleAct, Refusal) as error:
            answer |= {"kind": "refused", "reason": str(error)}
        except (KeyError, TypeError, ValueError):
            answer |= {"kind": "refused", "reason": "the page wants something that is not there"}
        return answer

    def _say(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        message = self._acts.say(person, chat, str(wanted["text"]), wanted.get("reply_to"), _thread(wanted))
        return {"message_id": message["message_id"]}

    def _edit(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        self._acts.edit(person, chat, int(wanted["message_id"]), str(wanted["text"]))
        return {}

    def _delete(self, _person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        self._acts.delete(chat, int(wanted["message_id"]))
        return {}

    def _press(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        place = (int(wanted["message_id"]), int(wanted["row"]), int(wanted["column"]))
        return {"query_id": self._acts.press(person, chat, *place).id}

    def _ask(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        query = self._acts.ask_inline(person, chat, str(wanted["text"]), str(wanted.get("offset", "")))
        self._asked[query.id] = query
        while len(self._asked) > _QUERIES_KEPT:
            del self._asked[next(iter(self._asked))]
        # What Telegram still knows is shown without asking the bot.
        return {"query_id": query.id, "answer": query.answer}

    def _choose(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        query = self._asked[str(wanted["query_id"])]
        self._acts.choose(person, chat, query, str(wanted["result_id"]), _thread(wanted))
        return {}

    def _block(self, person: Person, _chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.block(person)
        return {}

    def _unblock(self, person: Person, _chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.unblock(person)
        return {}

    def _kick(self, person: Person, chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.kick_bot(person, chat)
        return {}

    def _add(self, person: Person, chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.add_bot(person, chat)
        return {}

    def _promote(self, person: Person, chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.promote_bot(person, chat)
        return {}

    def _demote(self, person: Person, chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.demote_bot(person, chat)
        return {}

    def _grow(self, person: Person, chat: Chat, _wanted: JsonObject) -> JsonObject:
        return {"chat_id": self._acts.migrate(person, chat).id}

    def _delete_account(self, person: Person, _chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.delete_account(person)
        return {}

    def _delete_group(self, person: Person, chat: Chat, _wanted: JsonObject) -> JsonObject:
        self._acts.delete_group(person, chat)
        return {}

    def _topic(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        return {"thread_id": self._acts.open_topic(person, chat, str(wanted["name"]))["message_id"]}

    def _forward(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        """`chat` is where to; where from is told by the message."""
        source = self._world.chats[wanted["from_chat"]].messages[int(wanted["message_id"])]
        message = self._acts.forward(person, source, chat, _thread(wanted))
        return {"message_id": message["message_id"]}

    def _forward_post(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        message = self._acts.forward_post(person, int(wanted["post_id"]), chat, _thread(wanted))
        return {"message_id": message["message_id"]}

    def _react(self, person: Person, chat: Chat, wanted: JsonObject) -> JsonObject:
        self._acts.react(person, chat, int(wanted["message_id"]), str(wanted.get("emoji") or ""))
        return {}


def _thread(wanted: JsonObject) -> int | None:
    """The topic the page is in."""
    thread_id = wanted.get("thread")
    return None if thread_id is None else int(thread_id)
