#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where public_examples_lines.py puts the lines, in scripts of our own; and what it refuses."""
import re
import unittest

from public_examples_lines import INCLUDE, Refused, with_lines

OUR_TCP = re.compile(r"ns3::SockOpsHelper::Prepare\((\w+), ns3::NodeContainer::GetGlobal\(\)\);")


def script(body, before=""):
    return before + "int main() {\n" + body + "\n}\n"


def in_one_line(text):
    """The lines shortened: INCLUDE, name.TCP; and HOOK; the rest as it is."""
    text = OUR_TCP.sub(r"\1.TCP;", text.replace(INCLUDE, "INCLUDE "))
    for number in ("", "1", "2"):
        for line in (f"ns3::SockOpsHelper sockops_hook{number};",
                     f'sockops_hook{number}.Join(test::nodes_with_tcp(), "/examples");'):
            text = text.replace(line, "")
        text = text.replace(f'sockops_hook{number}.Attach("/examples", test::watcher());', f"HOOK{number};")
    return " ".join(text.split())


class Lines(unittest.TestCase):
    def expect(self, body, wanted, before=""):
        self.assertEqual(in_one_line(with_lines(script(body, before))), "INCLUDE " + wanted)

    def test_before_and_after_the_one_install(self):
        self.expect("InternetStackHelper net; net.Install(n); Run();",
                    "int main() { InternetStackHelper net; net.TCP; net.Install(n); HOOK; Run(); }")

    def test_each_helper_and_install_and_one_hook_after_the_last(self):
        self.expect("InternetStackHelper a, b; a.Install(n); b.InstallAll(); apps();",
                    "int main() { InternetStackHelper a, b; a.TCP; a.Install(n); b.TCP; b.InstallAll(); HOOK; apps(); }")

    def test_a_helper_given_to_a_layout(self):
        self.expect("ns3::InternetStackHelper net; star.InstallStack(net);",
                    "int main() { ns3::InternetStackHelper net; net.TCP; star.InstallStack(net); HOOK; }")

    def test_a_loop_without_braces_gets_them_and_the_hook_stands_after_it(self):
        self.expect("InternetStackHelper net; for (int i = 0; i < 3; ++i) net.Install(n.Get(i)); apps();",
                    "int main() { InternetStackHelper net; for (int i = 0; i < 3; ++i) {net.TCP; net.Install(n.Get(i));} "
                    "HOOK; apps(); }")

    def test_after_loops_with_braces_and_all_of_an_if(self):
        self.expect("InternetStackHelper net; for (;;) { if (v6) { net.Install(n); } else { net.Install(m); } links(); } apps();",
                    "int main() { InternetStackHelper net; for (;;) { if (v6) { net.TCP; net.Install(n); } else "
                    "{ net.TCP; net.Install(m); } links(); } HOOK; apps(); }")

    def test_an_if_and_its_else_without_braces(self):
        self.expect("InternetStackHelper net; if (v6) net.Install(n); else net.Install(m); apps();",
                    "int main() { InternetStackHelper net; if (v6) {net.TCP; net.Install(n);} else {net.TCP; net.Install(m);} "
                    "HOOK; apps(); }")

    def test_within_a_loop_that_runs_simulations_or_makes_sockets(self):
        for what in ("Simulator::Run();", "Socket::CreateSocket(n, t);"):
            self.expect("for (;;) { InternetStackHelper net; net.Install(n); " + what + " }",
                        "int main() { for (;;) { InternetStackHelper net; net.TCP; net.Install(n); HOOK; " + what + " } }")

    def test_a_hook_for_each_simulation_of_a_function(self):
        self.expect("InternetStackHelper net; net.Install(n); Simulator::Run(); net.Install(m); Simulator::Run();",
                    "int main() { InternetStackHelper net; net.TCP; net.Install(n); HOOK; Simulator::Run(); "
                    "net.TCP; net.Install(m); HOOK1; Simulator::Run(); }")

    def test_by_pointer_in_a_member_function_of_a_namespace(self):
        self.expect("", "namespace a { class B { void C(InternetStackHelper* net) { ns3::SockOpsHelper::Prepare(*net, "
                    "ns3::NodeContainer::GetGlobal()); "
                    "net->Install(n); HOOK; } }; } int main() { }",
                    "namespace a { class B { void C(InternetStackHelper* net) { net->Install(n); } }; }\n")

    def test_not_in_comments_strings_and_macros(self):
        self.expect("InternetStackHelper net; /* net.Install(a); */ f(\"net.Install(b); {\"); net.Install(n);",
                    "#define X { net.Install(c) int main() { InternetStackHelper net; /* net.Install(a); */ "
                    "f(\"net.Install(b); {\"); net.TCP; net.Install(n); HOOK; }", "#define X { net.Install(c)\n")

    def test_what_is_refused_says_why(self):
        for body, why in (("MyStackHelper net; net.Install(n);", "no variable of InternetStackHelper"),
                          ("InternetStackHelper net; net.SetIpv6StackInstall(false);", "nothing is installed by net"),
                          ("InternetStackHelper net; for (net.Install(n); ;) {}", "line 2: .*head of a statement"),
                          ("InternetStackHelper net; net.Install(n); }", "line 3: '}' closes nothing"),
                          ("InternetStackHelper net; if (x) { net.Install(n);", "line 1: '{' is not closed")):
            with self.assertRaisesRegex(Refused, why):
                with_lines(script(body))


if __name__ == "__main__":
    unittest.main()
