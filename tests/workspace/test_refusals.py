from portalkompass.workspace import Refusal, allow_again, audit_list, refusals, refuse

SITE = "https://portal.stadt.example/"
NO = Refusal(SITE, "query", "hund leverkusen", "hundesteuer")


def test_a_refusal_is_remembered_once_with_who(workspace):
    refuse(workspace, NO, "Ina")
    refuse(workspace, NO, "Olaf")

    found = refusals(workspace, SITE)
    assert [(one.subject, one.service_id, one.updated_by) for one in found] == [
        ("hund leverkusen", "hundesteuer", "Ina")
    ]
    assert refusals(workspace, "https://andere.example/") == []


def test_a_refusal_changes_the_revision_but_not_the_links(workspace):
    before, links_before = workspace.revision(), workspace.links_revision()

    refuse(workspace, NO, "Ina")

    assert (workspace.revision(), workspace.links_revision()) == (before + 1, links_before)


def test_a_refusal_can_be_taken_back_and_both_stand_in_the_audit(workspace):
    refuse(workspace, NO, "Ina")
    allow_again(workspace, NO, "Olaf")
    allow_again(workspace, NO, "Olaf")

    assert refusals(workspace, SITE) == []
    told = audit_list(workspace)[["who", "what"]].head(3)
    assert told.to_numpy().tolist() == [
        ["Olaf", "Ablehnung zurückgenommen"],
        ["Olaf", "Ablehnung zurückgenommen"],
        ["Ina", "Vorschlag abgelehnt"],
    ]
