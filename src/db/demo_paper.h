/* The bytes of every scan in the demo programme: a page with one line. The numbers at the end are where its objects
 * begin, so whoever changes a byte counts anew. */
#ifndef TEPAI_DEMO_PAPER_H
#define TEPAI_DEMO_PAPER_H

static const char demo_paper[] =
    "%PDF-1.4\n"
    "1 0 obj\n"
    "<< /Type /Catalog /Pages 2 0 R >>\n"
    "endobj\n"
    "2 0 obj\n"
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
    "endobj\n"
    "3 0 obj\n"
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R\n"
    "   /Resources << /Font << /F1 5 0 R >> >> >>\n"
    "endobj\n"
    "4 0 obj\n"
    "<< /Length 88 >>\n"
    "stream\n"
    "BT /F1 14 Tf 72 720 Td (A scan of the demo programme. Nobody of that name exists.) Tj ET\n"
    "endstream\n"
    "endobj\n"
    "5 0 obj\n"
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\n"
    "endobj\n"
    "xref\n"
    "0 6\n"
    "0000000000 65535 f \n"
    "0000000009 00000 n \n"
    "0000000058 00000 n \n"
    "0000000115 00000 n \n"
    "0000000244 00000 n \n"
    "0000000382 00000 n \n"
    "trailer\n"
    "<< /Size 6 /Root 1 0 R >>\n"
    "startxref\n"
    "452\n"
    "%%EOF\n";

#endif
