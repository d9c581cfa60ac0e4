"""The section Models: the list, the editor, and what they ask of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from skiuo_desktop import settings as s
from skiuo_desktop.errors import NotFoundError, SkiuoError
from skiuo_desktop.events import Event, ModelHealthChanged, ModelsChanged, SettingChanged
from skiuo_desktop.model import OFFLINE, ModelConfig, ModelInfo
from skiuo_desktop.ui.pages import settings_catalog
from skiuo_desktop.ui.pages.settings_catalog import Catalog
from skiuo_desktop.ui.pages.settings_model_editor import ModelEditor
from skiuo_desktop.ui.pages.settings_model_list import ModelList
from skiuo_desktop.ui.pages.settings_model_new import NewModel
from skiuo_desktop.ui.pages.settings_roles import Roles, roles_of
from skiuo_desktop.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from skiuo_desktop.ui.bridge import Bridge

SEEN = (s.ACTIVE_MODELS, s.FALLBACK, s.RULE, s.JUDGE, s.ATTEMPTS, s.WINDOW_STRIDE)


@dataclass(frozen=True, slots=True)
class _Values:
    rule: str
    judge: str
    attempts: int
    stride_ms: int


class ModelsSection(QWidget):
    """`said` is a sentence about something done."""

    said = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._catalog: Catalog | None = None
        self._infos: list[ModelInfo] = []
        self._reading, self._saving = 0, 0  # the newest reading, and how many changes are under way
        self._values: _Values | None = None
        self._mode = ""
        self._wanted = ""
        self._renamed: dict[str, str] = {}
        self._asking: Dialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.list = ModelList(self)
        self.list.set_compact(False)
        self.right = QStackedWidget(self)
        self.editor = ModelEditor(self.right)
        self.new = NewModel(self.right)
        self.right.addWidget(self.editor)
        self.right.addWidget(self.new)
        self.right.setVisible(False)
        row.addWidget(self.list)
        row.addWidget(self.right, 1)
        self._connect()
        bridge.event.connect(self._on_event)
        bridge.ask(bridge.work(settings_catalog.load), self._catalog_known)

    def _connect(self) -> None:
        self.list.add.connect(self._begin_new)
        self.list.mode_chosen.connect(self._mode_chosen)
        self.list.rule_chosen.connect(self._rule_chosen)
        self.list.judge_chosen.connect(self._judge_chosen)
        self.list.rows.chosen.connect(self.show_model)
        self.list.rows.switched.connect(self._switched)
        self.list.rows.moved.connect(self._moved)
        self.editor.form.changed.connect(self._changed)
        self.editor.form.key.saved.connect(self._key_saved)
        self.editor.form.key.forgotten.connect(self._key_forgotten)
        self.editor.test.connect(self._test)
        self.editor.use.connect(self._use)
        self.editor.remove.connect(self._ask_removal)
        self.new.wanted.connect(self._add)
        self.new.left.connect(self._leave_new)

    # ------------------------------------------------------------------ what there is

    def _catalog_known(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.reload()

    def reload(self) -> None:
        """Asks the engine for everything that is shown."""
        if not self._bridge.is_ready or self._catalog is None:
            return
        engine = self._bridge.engine
        settings = engine.settings

        def values() -> _Values:
            return _Values(settings.get(s.RULE), settings.get(s.JUDGE), settings.get(s.ATTEMPTS), settings.get(s.WINDOW_STRIDE))

        self._bridge.ask(self._bridge.work(values), self._values_known)
        self._reading += 1
        self._bridge.ask(engine.models(), partial(self._models_known, self._reading), owner=self)

    def _values_known(self, values: _Values) -> None:
        self._values = values
        self._show()

    def _models_known(self, number: int, infos: list[ModelInfo]) -> None:
        if number != self._reading or self._saving:
            return  # older than what was written since: it would put back what stood there before
        self._infos = infos
        self._show()

    @property
    def roles(self) -> Roles:
        return roles_of(self._infos, self._mode)

    def _show(self) -> None:
        values = self._values
        if values is None or not self._infos:
            return
        roles = self.roles
        self.list.show_models(self._infos, roles, stride_ms=values.stride_ms, rule=values.rule, judge=values.judge, attempts=values.attempts)
        self._show_editor()
        self.right.setVisible(True)

    def _show_editor(self) -> None:
        names = [info.config.name for info in self._infos]
        if self._wanted not in names and (new := self._renamed.pop(self._wanted, "")) in names:
            self.editor.renamed(self._wanted, new)
            self._wanted = new
        # One that is being added is not among them yet: until then the one before stays.
        name = next((name for name in (self._wanted, self.editor.name) if name in names), names[0] if names else "")
        info = self._info(name)
        if info is None or self._catalog is None:
            return
        if self._saving and name == self.editor.name:
            return  # what is known of it is older than what stands in its fields
        others = [other.config.name for other in self._infos if other is not info]
        self.editor.show_model(info, self._catalog, others, self._key_name(info.config.name))
        self.list.rows.set_current("" if self.right.currentWidget() is self.new else name)

    def _info(self, name: str) -> ModelInfo | None:
        return next((info for info in self._infos if info.config.name == name), None)

    def _key_name(self, name: str) -> str:
        """What a key is kept under: the model's name, unless another model, once named so, keeps its own there."""
        taken = {info.config.key_ref.partition(":")[2] for info in self._infos if info.config.name != name}
        number, free = 2, name
        while free in taken:
            number, free = number + 1, f"{name} {number}"
        return free

    @Slot(str)
    def show_model(self, name: str) -> None:
        """In the editor. A name that there is not yet is shown when there is."""
        self._wanted = name
        self.right.setCurrentWidget(self.editor)
        self._show_editor()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, ModelsChanged | ModelHealthChanged) or (isinstance(event, SettingChanged) and event.key in {setting.key for setting in SEEN}):
            self.reload()

    def set_compact(self, compact: bool) -> None:
        self.list.set_compact(compact)

    # ------------------------------------------------------------------ order and parts

    def _switched(self, name: str, on: bool) -> None:
        self._apply(self.roles.switched(name, on))

    def _use(self, name: str) -> None:
        self._apply(self.roles.switched(name, True))

    def _mode_chosen(self, mode: str) -> None:
        self._mode = mode
        self._apply(self.roles.with_mode(mode))

    def _rule_chosen(self, rule: str) -> None:
        self._apply(self.roles, rule=rule)

    def _judge_chosen(self, judge: str) -> None:
        self._apply(self.roles, judge=judge)

    def _apply(self, roles: Roles, *, rule: str | None = None, judge: str | None = None) -> None:
        engine = self._bridge.engine
        if roles.asked:
            future = engine.use_models(roles.asked, rule=rule, judge=judge, fallback=roles.stand_in)
        else:
            none: tuple[str, ...] = ()
            future = self._bridge.work(lambda: engine.settings.change({s.ACTIVE_MODELS.key: none, s.FALLBACK.key: none}))
        self._bridge.ask(future, self._settled, self._refused)

    def _moved(self, name: str, place: int) -> None:
        order = [info.config.name for info in self._infos if info.config.name not in (name, OFFLINE)]
        order.insert(place, name)
        before = self.roles
        after = before.reordered((*order, OFFLINE))

        def ordered(_: None) -> None:
            if (before.asked, before.stand_in) != (after.asked, after.stand_in):
                self._apply(after)
            else:
                self.reload()

        self._bridge.ask(self._bridge.engine.move_model(name, place), ordered, self._refused, owner=self)

    def _settled(self, _: object) -> None:
        self.reload()

    def _refused(self, error: SkiuoError) -> None:
        """It could not be done: what is shown is what there is."""
        self._bridge.failed.emit(error)
        self.reload()

    # ------------------------------------------------------------------ one model

    def _changed(self, fields: Mapping[str, Any]) -> None:
        name = self.editor.name
        if "name" in fields:
            self._wanted = name
            self._renamed[name] = fields["name"]

        def settled(_: ModelConfig) -> None:
            self._saving -= 1
            self.reload()

        def refused(error: SkiuoError) -> None:
            self._saving -= 1
            self._renamed.pop(name, None)
            wrong = next((key for key in fields if key in self.editor.form.fields), "")
            if wrong and self.editor.name == name and not isinstance(error, NotFoundError):
                self.editor.form.set_error(wrong, str(error))
            else:
                self._bridge.failed.emit(error)
            self.reload()

        self._saving += 1
        self._ask(lambda: self._bridge.engine.change_model(name, **fields), settled, refused)

    def _ask(self, call: Callable[[], Future[Any]], done: Callable[[Any], None], refused: Callable[[SkiuoError], None]) -> None:
        self._bridge.ask(call(), done, refused, owner=self)

    def _key_saved(self, reference: str, secret: str) -> None:
        name = self.editor.name

        def done(_: ModelConfig) -> None:
            self.editor.form.key.done()
            self.reload()

        def refused(error: SkiuoError) -> None:
            self.editor.form.key.refuse(str(error))

        self._ask(lambda: self._bridge.engine.change_model(name, secret=secret, key_ref=reference), done, refused)

    def _key_forgotten(self) -> None:
        info = self._info(self.editor.name)
        if info is None:
            return
        reference = info.config.key_ref
        shared = any(other.config.key_ref == reference for other in self._infos if other is not info)

        def unnamed(_: ModelConfig) -> None:
            self.reload()
            if not shared:
                self._bridge.ask(self._bridge.work(lambda: _forget(reference)), self._settled, self._refused)

        self._ask(lambda: self._bridge.engine.change_model(info.config.name, key_ref=""), unnamed, self._refused)

    def _test(self, name: str) -> None:
        self.editor.test_began(name)

        def done(_: object) -> None:
            self.editor.test_ended(name)
            self.reload()

        def refused(error: SkiuoError) -> None:
            self.editor.test_ended(name, str(error))

        self._ask(lambda: self._bridge.engine.probe_model(name), done, refused)

    def _ask_removal(self, name: str) -> None:
        dialog = Dialog(
            self.window(),
            title=self.tr("Remove {0}?").format(name),
            text=self.tr("Its settings and its key in the system keyring are removed. What it has written stays."),
            verb=self.tr("Remove model"),
            keep=self.tr("Keep"),
        )
        dialog.accepted.connect(lambda: self._remove(name))
        self._asking = dialog.ask()

    def _remove(self, name: str) -> None:
        names = [info.config.name for info in self._infos]
        place = names.index(name) if name in names else 0

        def done(_: None) -> None:
            rest = [other for other in names if other != name]
            self._wanted = rest[min(place, len(rest) - 1)] if rest else ""
            self.said.emit(self.tr("{0} is removed.").format(name))
            self.reload()

        self._ask(lambda: self._bridge.engine.remove_model(name), done, self._refused)

    # ------------------------------------------------------------------ a new one

    def _begin_new(self) -> None:
        if self._catalog is None:
            return
        self.new.begin(self._catalog, [info.config.name for info in self._infos])
        self.right.setCurrentWidget(self.new)
        self.list.rows.set_current("")
        self.new.begin_focus()

    def _leave_new(self) -> None:
        self.right.setCurrentWidget(self.editor)
        self._show_editor()
        self.list.add_button.setFocus()

    def _add(self, config: ModelConfig, secret: str) -> None:
        where, _, kept = config.key_ref.partition(":")
        if where in ("keyring", "run"):
            config = replace(config, key_ref=f"{where}:{self._key_name(kept)}")

        def done(added: ModelConfig) -> None:
            self.show_model(added.name)
            self.reload()
            self.said.emit(self.tr("{0} is added. A short clip is sent to it now, to see what it takes.").format(added.name))
            self._test(added.name)

        def refused(error: SkiuoError) -> None:
            self.new.tell_error(str(error))

        self._ask(lambda: self._bridge.engine.add_model(config, secret), done, refused)


def _forget(reference: str) -> None:
    """Off the GUI thread: the keyring's own library takes half a second to load."""
    from skiuo_desktop import secrets

    secrets.forget(reference)
