// open_only: what a program costs that links libxapian, opens the databases named and does nothing.
#include <xapian.h>

int main(int argc, char **argv)
try {
    Xapian::Database db;
    for (int i = 1; i < argc; i++)
        db.add_database(Xapian::Database(argv[i]));
    return argc > 1 && db.get_doccount() == 0;
} catch (const Xapian::Error &) {
    return 2;
}
