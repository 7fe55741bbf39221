from portalkompass.workspace import RejectedProposal, allow_again, audit_list, reject, rejected_proposals

SITE = "https://portal.stadt.example/"
NO = RejectedProposal(SITE, "query", "hund leverkusen", "hundesteuer")


def test_a_refusal_is_remembered_once_with_who(workspace):
    reject(workspace, NO, "Ina")
    reject(workspace, NO, "Olaf")

    found = rejected_proposals(workspace, SITE)
    assert [(one.subject, one.service_id, one.updated_by) for one in found] == [
        ("hund leverkusen", "hundesteuer", "Ina")
    ]
    assert rejected_proposals(workspace, "https://andere.example/") == []


def test_a_refusal_changes_the_revision_but_not_the_links(workspace):
    before, links_before = workspace.revision(), workspace.links_revision()

    reject(workspace, NO, "Ina")

    assert (workspace.revision(), workspace.links_revision()) == (before + 1, links_before)


def test_a_refusal_can_be_taken_back_and_both_stand_in_the_audit(workspace):
    reject(workspace, NO, "Ina")
    allow_again(workspace, NO, "Olaf")
    allow_again(workspace, NO, "Olaf")

    assert rejected_proposals(workspace, SITE) == []
    told = audit_list(workspace)[["who", "what"]].head(2)
    assert told.to_numpy().tolist() == [
        ["Olaf", "Ablehnung zurückgenommen"],
        ["Ina", "Vorschlag abgelehnt"],
    ]
