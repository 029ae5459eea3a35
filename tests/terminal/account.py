"""Passwords typed at the terminal: passwd, su, login."""
import session

USER_PROMPT = r"parley:[^\n]*\$ $"


def set_password(s, name, password):
    s.type(f"passwd {name}\n")
    for question in ("New password: ", "Retype new password: "):
        s.expect(question + "$")
        s.type(password + "\n")
    s.prompt()


def test_su(s):
    """su asks for the password that passwd has set, and lets in only who knows it"""
    set_password(s, "user", "se cret")
    s.check("grep -c '^user:[$]5[$]' /etc/shadow; ls -l /etc/shadow | cut -c 1-10", "1\n-rw-------\n")
    s.type("su guest -c 'su user -c whoami'\n")
    s.expect("Password: $")
    s.type("wrong\n")
    s.expect("su: Authentication failure\r\n")
    s.prompt()
    s.type("su guest -c 'su user -c whoami'\n")
    s.expect("Password: $")
    s.type("se cret\n")
    s.expect(r"\nuser\r\n")
    s.prompt()
    s.check("su user -c whoami; passwd -d user; su guest -c 'su user -c whoami'", "user\nuser\n")


def test_passwd_limits(s):
    """whoever calls passwd with limits of his own changes his line alone, and leaves nothing behind"""
    for limit in ("-n 3", "-n 4", "-n 5", "-f 0", "-t 0", "-v 400"):
        s.type(f"su user -c 'ulimit {limit}; exec passwd'; echo ended\n")
        if "New" in s.expect(r"New password: $|\nended\r\n").group():
            s.type("x\n")
            s.expect("Retype new password: $|ended\r\n")
            s.type("x\n")
            s.expect(r"\nended\r\n")
        s.prompt()
        s.check("cut -d: -f1 /etc/shadow | sort | xargs; ls /etc/shadow.new; passwd -d user",
                "daemon guest nobody root user\nls: cannot access '/etc/shadow.new': No such file or directory\n")


def test_login(s):
    """login asks who one is, and begins a session in the user's home"""
    set_password(s, "guest", "x")
    s.type("login\n")
    s.expect("parley login: $")
    s.type("nobody-at-all\n")
    s.expect("Password: $")
    s.type("x\n")
    s.expect("Login incorrect\r\n")
    s.expect("parley login: $")
    s.type("guest\n")
    s.expect("Password: $")
    s.type("x\n")
    s.expect(USER_PROMPT)
    s.type("echo $LOGNAME $PWD $(id -un) $(stat -c %U $(tty))\n")
    s.expect(r"\nguest /home/guest guest guest\r\n")
    s.expect(USER_PROMPT)
    s.type("passwd\n")
    s.expect("Password: $")
    s.type("x\n")
    s.expect("New password: $")
    s.type("y\n")
    s.expect("Retype new password: $")
    s.type("z\n")
    s.expect("passwords do not match")
    s.expect(USER_PROMPT)
    s.type("exit\n")
    s.prompt()


session.main(globals())
