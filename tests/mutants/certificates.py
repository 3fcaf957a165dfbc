"""Certificates: forged, earned too early, given twice."""

from tests.mutants.mutant import Change, Mutant

CERTIFICATES = (
    Mutant(
        "the_signature_is_not_checked",
        (
            Change(
                "sync/reports/codes.py",
                "    except InvalidSignature:\n        return False\n",
                "    except InvalidSignature:\n        pass\n",
            ),
        ),
        "tests/unit/reports/test_checking.py -k forged",
    ),
    Mutant(
        "the_seal_is_not_checked",
        (
            Change(
                "sync/reports/seals.py",
                "    except InvalidSignature:\n        return False\n",
                "    except InvalidSignature:\n        pass\n",
            ),
        ),
        "tests/unit/reports/test_checking.py -k pasted",
    ),
    Mutant(
        "awarded_although_an_exercise_is_not_accepted",
        (
            Change(
                "sync/domain/certificates.py",
                "if each.verdict is Verdict.ACCEPTED}",
                "if each.verdict is not Verdict.NONE}",
            ),
        ),
        "tests/integration/server/test_awarding.py -k missing",
    ),
    Mutant(
        "a_certificate_for_every_push",
        (Change("sync/server/issuing/awarding.py", "    if log.get(id_) is not None:\n        return False\n", ""),),
        "tests/integration/server/test_awarding.py -k two_pushes",
    ),
)
