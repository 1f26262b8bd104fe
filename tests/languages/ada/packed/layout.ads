--  x86_64, i386: the kernel packs the event.
package Layout is
   Alignment   : constant := 4;
   Data_Offset : constant := 4;
end Layout;
